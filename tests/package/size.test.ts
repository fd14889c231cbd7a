/** What a page downloads, gzipped, beside core.wasm. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

const limits = { 'widget.js': 15_360, 'elements.js': 9_000, 'web.js': 23_000 };

for (const [file, limit] of Object.entries(limits))
  test(`${file} has at most ${limit} bytes, gzipped`, (t) => {
    const size = gzipSync(readFileSync(new URL(`../../dist/${file}`, import.meta.url)), { level: 9 }).length;
    t.diagnostic(`${size} bytes`);
    assert(size <= limit, String(size));
  });
