import assert from 'node:assert/strict';
import test from 'node:test';
import { subrosa } from './api.ts';

test('the backend that was asked for is the one that is loaded', () => {
  assert.equal(subrosa.backend, process.env.SUBROSA_BACKEND);
});
