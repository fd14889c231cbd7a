#!/usr/bin/env node
/** The command line. Each command is a module of node/commands, loaded when it is asked for. */

import { type Command, UsageError } from './commands/command.ts';

interface Entry {
  summary: string;
  load(): Promise<Command & { help: string }>;
}

const commands: Record<string, Entry> = {
  audit: { summary: 'checks an export of the audit log', load: () => import('./commands/audit.ts') },
  detect: { summary: 'findings of texts, one JSON object a line', load: () => import('./commands/detect.ts') },
  entities: { summary: 'what is found: the table of entities', load: () => import('./commands/entities.ts') },
  keygen: { summary: 'a key pair to seal to', load: () => import('./commands/keygen.ts') },
  seal: { summary: 'standard input, sealed to public keys', load: () => import('./commands/seal.ts') },
  open: { summary: 'what was sealed', load: () => import('./commands/open.ts') },
  inspect: { summary: 'what a sealed thing says without a key', load: () => import('./commands/inspect.ts') },
  rotate: { summary: 'a new key in the signed key directory', load: () => import('./commands/rotate.ts') },
  receipt: { summary: 'verifies consent receipts offline', load: () => import('./commands/receipt.ts') },
  redact: { summary: 'a text, JSON or CSV without what is personal in it', load: () => import('./commands/redact.ts') },
  restore: { summary: 'the values of a vault back in a text', load: () => import('./commands/restore.ts') },
  scan: { summary: 'where files hold personal data and secrets', load: () => import('./commands/scan.ts') },
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `subrosa COMMAND [options]      subrosa COMMAND --help\n\n${rows.join('')}`;
}

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const entry = commands[name];
  if (!entry) throw new UsageError(`unknown command: ${name}\n${usage()}`);
  const command = await entry.load();
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(argv);
}

// A reader that has seen enough (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`subrosa: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
