import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ConsentSession, type Decision, load, type Outcome, type PolicyDocument, type Subrosa } from '../../dist/node.js';
import { now, policyDocument, stateOf } from '../fixture/policy.ts';
import { random } from '../fixture/random.ts';

const sequences = 200;
const steps = 40;

function versions(): PolicyDocument[] {
  const words = policyDocument();
  words.version = '1.0.1';
  words.purposes[1]!.purpose.en = 'Better answers';
  const substance = structuredClone(words);
  substance.version = '2.0.0';
  substance.purposes[1]!.storage_locations = ['DE', 'US'];
  return [policyDocument(), words, substance];
}

/** Every decision and the whole state after each of the same events: what one backend makes of a seed. */
function trace(subrosa: Subrosa, seed: number): string[] {
  const next = random(seed);
  const pick = (limit: number) => Math.floor(next() * limit);
  const policies = versions().map((document) => subrosa.consent.parsePolicy(document));
  const purposes = ['chat', 'improve', 'share', 'keep'];
  const regions = ['DE', 'CN', 'US-CA', 'BR'];
  const session = subrosa.consent.open(policies[0]!, {
    state: stateOf(),
    context: { region: 'DE', age: 'adult', storage: true, present: true },
  });
  let time = now;
  const acts: ((purpose: string) => Outcome)[] = [
    (purpose) => session.noticeShown(purpose, 'en', time),
    (purpose) => session.noticeShown(purpose, 'zh', time),
    (purpose) => session.give(purpose, { deliberate: true, now: time }),
    (purpose) => session.give(purpose, { deliberate: true, now: time, gpcConfirmed: true }),
    (purpose) => session.give(purpose, { deliberate: true, now: time, method: 'accept_all' }),
    (purpose) => session.give(purpose, { deliberate: true, now: time, scope: [{ recipient: 'ctl', pii_types: ['text'] }] }),
    (purpose) => session.presume(purpose, 'ctl', time),
    (purpose) => session.dismiss(purpose, time),
    (purpose) => session.refuse(purpose, time),
    (purpose) => session.withdraw(purpose, time),
    (purpose) => session.revoke(purpose, 'authority', time),
    (purpose) => session.invalidate(purpose, time),
    () => session.tick(time),
    () => session.loadFailed(time),
    () => session.restored(time),
    () => session.setContext({ gpc: pick(2) === 1 }, time),
    () => session.setContext({ age: pick(3) === 0 ? 'unknown' : 'adult' }, time),
    () => session.setContext({ region: regions[pick(4)]! }, time),
    () => session.setPolicy(policies[pick(3)]!, time),
  ];
  const lines: string[] = [];
  for (let step = 0; step < steps; step++) {
    time += (pick(10) - 2) * 86_400_000 * (pick(20) === 0 ? 60 : 1);
    const act = step === steps - 1 ? () => session.eraseSubject(time) : acts[pick(acts.length)]!;
    lines.push(JSON.stringify(act(purposes[pick(purposes.length)]!)), withoutIds(session), session.toAsk(time).join());
    for (const purpose of purposes) lines.push(JSON.stringify({ ...session.decide(purpose, 'text', 'ctl', time), recordId: '' }));
  }
  return lines;
}

/** Record ids are random. */
const withoutIds = (session: ConsentSession): string => session.save().replace(/"record_id":"[^"]*"/g, '"record_id":""');

test(`${sequences} random histories of ${steps} events are the same, byte for byte, on both backends`, async () => {
  const native = await load({ backend: 'native' });
  const wasm = await load({ backend: 'wasm' });
  let permits = 0;
  for (let seed = 0; seed < sequences; seed++) {
    const expected = trace(native, seed);
    assert.deepEqual(trace(wasm, seed), expected);
    permits += expected.filter((line) => line.includes('"permit"')).length;
  }
  assert(permits > 500, `the histories permit something: ${permits}`);
});

const program = (path: string): string => fileURLToPath(new URL(`../../build/${path}`, import.meta.url));

test('the exhaustive walk of the machine finds the same on both backends, and no breach', (t) => {
  const native = JSON.parse(execFileSync(program('node/tests/walk/consent_walk'), { encoding: 'utf8' }));
  const wasm = JSON.parse(execFileSync(process.execPath, [program('wasm/tests/walk/consent_walk.cjs')], { encoding: 'utf8' }));
  assert.deepEqual(wasm, native);
  const { states, edges, digest, ...breaches } = native;
  assert.deepEqual(breaches, { revived: 0, replayed: 0, unfenced: 0 });
  assert(states >= 100_000);
  t.diagnostic(`${states} states, ${edges} edges, digest ${digest}, on both`);
});

type Move = (session: ConsentSession, world: { time: number }) => Outcome;
const week = 7 * 86_400_000;
function moveClock(session: ConsentSession, world: { time: number }, by: number): Outcome {
  world.time += by;
  return session.tick(world.time);
}
const moves: Record<string, Move> = {
  notice: (session, { time }) => session.noticeShown('share', 'en', time),
  dismiss: (session, { time }) => session.dismiss('share', time),
  give: (session, { time }) => session.give('share', { deliberate: true, now: time }),
  bundled: (session, { time }) => session.give('share', { deliberate: true, now: time, method: 'accept_all' }),
  confirmed: (session, { time }) => session.give('share', { deliberate: true, now: time, gpcConfirmed: true }),
  refuse: (session, { time }) => session.refuse('share', time),
  withdraw: (session, { time }) => session.withdraw('share', time),
  revoke: (session, { time }) => session.revoke('share', 'authority', time),
  invalidate: (session, { time }) => session.invalidate('share', time),
  erase: (session, { time }) => session.eraseSubject(time),
  lost: (session, { time }) => session.loadFailed(time),
  restored: (session, { time }) => session.restored(time),
  gpcOn: (session, { time }) => session.setContext({ gpc: true }, time),
  gpcOff: (session, { time }) => session.setContext({ gpc: false }, time),
  minor: (session, { time }) => session.setContext({ age: 'minor' }, time),
  adult: (session, { time }) => session.setContext({ age: 'adult' }, time),
  later: (session, world) => moveClock(session, world, 60 * week),
  earlier: (session, world) => moveClock(session, world, -60 * week),
};
const mayPermit = new Set(['give', 'bundled', 'confirmed', 'restored']);

/** Every sequence of moves of a length, after a notice: what one backend makes of it, and how often it breaks a promise. */
function walk(subrosa: Subrosa, length: number) {
  const policy = subrosa.consent.parsePolicy(policyDocument());
  const context = { region: 'DE', age: 'adult', storage: true, present: true } as const;
  const lines: string[] = [];
  const breaches = { revived: 0, replayed: 0 };
  const names = Object.keys(moves);
  for (let code = 0; code < names.length ** length; code++) {
    const session = subrosa.consent.open(policy, { state: stateOf(), context });
    const world = { time: now };
    session.noticeShown('share', 'en', now);
    let captured: Decision | undefined;
    let wasPermitted = false;
    for (let rest = code, i = 0; i < length; i++, rest = Math.floor(rest / names.length)) {
      const name = names[rest % names.length]!;
      const { reason, fenced } = moves[name]!(session, world);
      const decision = session.decide('share', 'text', 'lab', world.time);
      const isPermitted = decision.verdict === 'permit';
      if (isPermitted && !wasPermitted && !mayPermit.has(name)) breaches.revived++;
      if (!isPermitted && wasPermitted) captured = { ...captured!, verdict: 'deny' };
      if (captured?.verdict === 'deny' && session.recheck(captured, 'share', 'text', 'lab', world.time).verdict === 'permit')
        breaches.replayed++;
      if (isPermitted) captured ??= decision;
      wasPermitted = isPermitted;
      lines.push(`${name} ${reason} ${fenced} ${decision.verdict} ${decision.reason} ${decision.epoch}`);
    }
    session.free();
  }
  return { lines, breaches };
}

test('every sequence of three moves gives the same trace on both backends, and breaks no promise on either', async () => {
  const native = walk(await load({ backend: 'native' }), 3);
  const wasm = walk(await load({ backend: 'wasm' }), 3);
  assert.equal(native.lines.length, 3 * Object.keys(moves).length ** 3);
  assert.deepEqual(wasm.lines, native.lines);
  assert.deepEqual(
    [native.breaches, wasm.breaches],
    [
      { revived: 0, replayed: 0 },
      { revived: 0, replayed: 0 },
    ],
  );
});
