/**
 * CVE-2025-69277: libsodium 1.0.18 takes some points of Ed25519 for valid that are not in the main subgroup. What relies on
 * that check is not called, so the linker leaves it out of both binaries.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'node:test';

const forbidden = [
  'crypto_core_ed25519_is_valid_point',
  'crypto_sign_ed25519_pk_to_curve25519',
  'crypto_scalarmult_ed25519',
  'crypto_core_ed25519_add',
  'ge25519_is_on_main_subgroup',
];

for (const [target, nm] of [
  ['node', ['nm']],
  ['wasm', ['/usr/lib/llvm-14/bin/llvm-nm', 'llvm-nm']],
] as const)
  test(`${target}: the core calls nothing that needs the faulty subgroup check`, () => {
    const library = new URL(`../../build/${target}/core/libsubrosa_core.a`, import.meta.url).pathname;
    const program = nm.find((name) => !name.startsWith('/') || existsSync(name)) as string;
    const { stdout, status } = spawnSync(program, ['-u', library], { encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(status, 0);
    const called = new Set(stdout.match(/\b[a-z]\w+/g));
    assert.ok(called.has('crypto_scalarmult') && called.has('crypto_sign_verify_detached'), 'the list is one of the core');
    for (const name of forbidden) for (const symbol of called) assert.ok(!symbol.startsWith(name), symbol);
  });
