// A seeded corpus of chat messages: 70 % hold no personal data, the rest one or two values that pass their checks.

import { random } from '../fixture/random.ts';

const clean = [
  'The parcel has not arrived and the page still says that it is on its way.',
  'Could we move the call to the afternoon, say three?',
  'I restarted it twice, and the light keeps blinking.',
  'My order number is {n8}, and the total came to {n2}.{n2} dollars.',
  'I am on version {n1}.{n2}.{n1} since {n1}/{n2}/2024.',
  'Das Paket war beschädigt, ich schicke es morgen zurück.',
  'Die Bestellnummer lautet {n8}, gekauft am {n2}.{n2}.2024.',
  '¿Hay algún descuento para estudiantes?',
  '应用一打开就闪退，重启也没有用。',
  '我的订单号是{n8}，一共{n2}元。',
  'Thanks, that solved it 👍',
];
const personal = [
  'You can write to {name}{n2}@example.org any time.',
  'My card is {card}, please try it again.',
  'Call me on (415) 555-01{n2} after five.',
  '我的手机号是138{n8}，谢谢。',
  'Meine Handynummer ist 0171 {n4}{n2}{n1}.',
  'The server is 10.{n2}.{n2}.7 and the key is AKIA{up16}.',
];

function luhn(body) {
  let sum = 0;
  [...body].reverse().forEach((digit, i) => {
    const d = Number(digit) * (i % 2 === 0 ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  });
  return body + ((10 - (sum % 10)) % 10);
}

/** `count` messages, the same for the same seed. */
export function chat(count = 5000, seed = 20261124) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const digits = (n) => Array.from({ length: n }, (_, i) => Math.floor(next() * (i === 0 ? 9 : 10)) + (i === 0 ? 1 : 0)).join('');
  const upper = (n) => Array.from({ length: n }, () => pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')).join('');
  const fill = (text) =>
    text.replace(/\{(\w+)\}/g, (_, what) => {
      if (what === 'name') return pick(['ann', 'bob', 'chen', 'dora', 'emil']);
      if (what === 'card') return luhn(`4${digits(14)}`);
      if (what.startsWith('up')) return upper(Number(what.slice(2)));
      return digits(Number(what.slice(1)));
    });
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: 1 + Math.floor(next() * 3) }, () => fill(pick(clean)));
    if (next() < 0.3) parts.splice(Math.floor(next() * parts.length), 0, fill(pick(personal)));
    return parts.join(' ');
  });
}
