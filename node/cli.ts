#!/usr/bin/env node
import { load } from './node.ts';

const subrosa = await load();
process.stdout.write(`${subrosa.backend}\n`);
