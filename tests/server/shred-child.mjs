// Seals texts of one person after another and destroys their keys again, for as long as it lives, and says of each what is done:
// `sealed` with the text sealed and its wrapped key, then `shredded`. Of every other person the key stays.
import { load } from '../../dist/node.js';
import { openSqlite, Vault } from '../../dist/server.js';

const [, , file, master] = process.argv;
const subrosa = await load({ backend: 'native' });
const keyStore = await openSqlite(file);
const vault = new Vault({ subrosa, keyStore, master: Buffer.from(master, 'hex'), now: Date.now });
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);

for (let i = 0; ; i++) {
  const subject = `${process.pid}-${i}`;
  const sealed = await vault.seal({ subject, class: 'chat' }, 'message', `text of ${subject}`);
  const [{ body }] = await keyStore.transaction((tx) => tx.find({ kind: 'key', subject }));
  say('sealed', subject, Buffer.from(sealed).toString('base64'), Buffer.from(body).toString('base64'));
  if (i % 2 === 0) continue;
  await vault.shred({ subject });
  say('shredded', subject);
}
