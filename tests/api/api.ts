/** The one place that knows which backend a test run is for: SUBROSA_BACKEND, native or wasm. */

import { load, type Subrosa } from '../../dist/node.js';

export * from '../../dist/node.js';

const backend = process.env.SUBROSA_BACKEND;
if (backend !== 'native' && backend !== 'wasm') throw new Error('SUBROSA_BACKEND must be native or wasm');

export const subrosa: Subrosa = await load({ backend });
