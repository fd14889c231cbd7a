// decide() through the API: microseconds a call, on both backends.   node --import tsx tests/bench/consent.bench.mjs
import { load } from '../../dist/node.js';
import { now, policyDocument, stateOf } from '../fixture/policy.ts';

const calls = 200_000;

for (const backend of ['native', 'wasm']) {
  const { consent } = await load({ backend });
  const session = consent.open(consent.parsePolicy(policyDocument()), {
    state: stateOf(),
    context: { region: 'DE', age: 'adult', storage: true, present: true },
  });
  session.noticeShown('share', 'en', now);
  session.give('share', { deliberate: true, now });
  const rounds = [];
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) session.decide('share', 'text', 'lab', now);
    rounds.push(((performance.now() - start) * 1000) / calls);
  }
  const { verdict } = session.decide('share', 'text', 'lab', now);
  process.stdout.write(
    `decide, ${backend}: best ${Math.min(...rounds).toFixed(2)} us, median ${rounds.sort((a, b) => a - b)[3].toFixed(2)} us (${verdict})\n`,
  );
}
