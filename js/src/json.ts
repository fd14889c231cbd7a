/**
 * Redaction of structured data: chat requests, form posts, log records. The shape stays; strings, and numbers that are
 * findings under their key ({"ssn": 78051120}), are redacted.
 *
 *   const { value, findings } = subrosa.redactJson(request, { vault, skipKeys: chatProtocolKeys });
 */

import type { Redacted, Redaction, RedactOptions } from './redact.ts';

export interface JsonOptions extends RedactOptions {
  /** Keys whose values are hidden as a whole, in any case: 'password'. */
  keys?: readonly string[];
  /** JSON pointers of values that are hidden as a whole; `*` stands for any one key or index: '/users/*\/name'. */
  paths?: readonly string[];
  /** Keys whose values are left alone. */
  skipKeys?: readonly string[];
}

export interface JsonFinding extends Redaction {
  /** RFC 6901, of the value in what was given; for one in a key, of the value under it. */
  pointer: string;
  /** It was in the key, not in the value. */
  inKey?: true;
}

export interface RedactedJson<T = unknown> {
  value: T;
  findings: JsonFinding[];
}

/** What the chat protocols of OpenAI and Anthropic say about a message, not what people say in it. */
export const chatProtocolKeys: readonly string[] = [
  'model',
  'role',
  'type',
  'id',
  'object',
  'tool_call_id',
  'tool_use_id',
  'finish_reason',
  'stop_reason',
  'system_fingerprint',
  'cache_control',
  'media_type',
  'signature',
];

const hidden = '[REDACTED]';
const circular = '[CIRCULAR]';
const unreadable = '[UNREADABLE]';
const longestContextual = 200; // a longer text brings its own context
const deepestNested = 4; // of JSON in strings in JSON

type Redact = (text: string, options: RedactOptions) => Redacted;
/** What becomes of a string, and of a number as a string; undefined: nothing. */
type Visit = (text: string, key: string, pointer: () => string) => string | undefined;

/** Where a value stands: a list from the inside out, so that depth costs nothing. */
interface Path {
  key: string | number;
  parent: Path | undefined;
  depth: number;
}

function partsOf(path: Path | undefined): (string | number)[] {
  const parts: (string | number)[] = [];
  for (let at = path; at; at = at.parent) parts.push(at.key);
  return parts.reverse();
}

const escapePart = (part: string | number) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');
const pointerOf = (path: Path | undefined) =>
  partsOf(path)
    .map((part) => `/${escapePart(part)}`)
    .join('');

/** One container on the way, and how far it is done. */
interface Frame {
  from: Record<string, unknown> | readonly unknown[];
  to: Record<string, unknown> | unknown[];
  keys: readonly string[] | undefined;
  next: number;
  /** The name that its items stand under: an array's is that of the array. */
  name: string;
  path: Path | undefined;
}

interface Walk {
  visit: Visit;
  visitKey: (key: string, pointer: () => string) => string;
  /** A value that is put in place as it is, or undefined to walk on. */
  whole: (key: string, path: Path, parent: Frame['from']) => { value: unknown } | undefined;
}

/** Copies a value, with what `walk` says. Not recursive: depth costs memory, not stack. */
function copy(root: unknown, walk: Walk): unknown {
  const holder: unknown[] = [];
  const stack: Frame[] = [];
  const open = new Set<object>();

  const place = (parent: Frame | undefined, key: string | number, value: unknown) => {
    const target = parent?.to ?? holder;
    if (Array.isArray(target)) target[key as number] = value;
    // A key named __proto__ is a key.
    else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  };
  const enter = (parent: Frame | undefined, at: string | number, source: unknown, name: string, path: Path | undefined) => {
    const value = plain(source);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      place(parent, at, scalar(value, name, path, walk.visit));
    } else if (typeof value !== 'object' || value === null) {
      place(parent, at, value);
    } else if (open.has(value)) {
      place(parent, at, circular);
    } else {
      open.add(value);
      const isArray = Array.isArray(value);
      const to: Frame['to'] = isArray ? [] : {};
      place(parent, at, to);
      stack.push({ from: value as Frame['from'], to, keys: isArray ? undefined : Object.keys(value), next: 0, name, path });
    }
  };

  enter(undefined, 0, root, '', undefined);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const size = frame.keys?.length ?? (frame.from as readonly unknown[]).length;
    if (frame.next === size) {
      open.delete(frame.from);
      stack.pop();
      continue;
    }
    const key = frame.keys?.[frame.next] ?? frame.next;
    frame.next++;
    const path: Path = { key, parent: frame.path, depth: (frame.path?.depth ?? 0) + 1 };
    const name = typeof key === 'string' ? key : frame.name;
    const as =
      typeof key === 'string'
        ? free(
            frame.to,
            walk.visitKey(key, () => pointerOf(path)),
          )
        : key;
    const whole = walk.whole(name, path, frame.from);
    if (whole) place(frame, as, whole.value);
    else enter(frame, as, read(frame.from, key), name, path);
  }
  return holder[0];
}

/** A property; one that cannot be read is said to be so. */
function read(from: Frame['from'], key: string | number): unknown {
  try {
    return (from as Record<string | number, unknown>)[key];
  } catch {
    return unreadable;
  }
}

/** What JSON would make of an object: a Date is a string. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  try {
    const { toJSON } = value as { toJSON?: unknown };
    return typeof toJSON === 'function' ? toJSON.call(value) : value;
  } catch {
    return unreadable;
  }
}

function scalar(value: string | number | bigint, name: string, path: Path | undefined, visit: Visit): unknown {
  const text = String(value);
  return visit(text, name, () => pointerOf(path)) ?? value;
}

/** A key that is not taken: two that became the same stay two. */
function free(target: Frame['to'], key: string): string {
  let name = key;
  for (let i = 2; Object.hasOwn(target, name); i++) name = `${key} (${i})`;
  return name;
}

/** Whether a string is JSON of a container, as tool calls have it in their arguments. */
function nested(text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pictures and sound are no text: what they show is not looked at. */
function isMedia(text: string): boolean {
  return /^data:(image|audio|video)\//.test(text);
}

function isMediaData(key: string, parent: Frame['from']): boolean {
  return key === 'data' && (parent as { type?: unknown }).type === 'base64';
}

function matcher(paths: readonly string[] = []): (path: Path) => boolean {
  const patterns = paths.map((path) =>
    path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
  return (path) =>
    patterns.some((pattern) => {
      if (pattern.length !== path.depth) return false;
      const parts = partsOf(path);
      return pattern.every((part, i) => part === '*' || part === String(parts[i]));
    });
}

/** Redacts every string of a value; what it was given stays as it is. */
export function redactJson<T>(value: T, redact: Redact, options: JsonOptions = {}): RedactedJson<T> {
  const hiddenKeys = new Set(options.keys?.map((key) => key.toLowerCase()));
  const skippedKeys = new Set(options.skipKeys);
  const isHidden = matcher(options.paths);
  const findings: JsonFinding[] = [];
  const byKey = new Map<string, Redacted>();

  const whole: Walk['whole'] = (key, path, parent) => {
    if (skippedKeys.has(key) || isMediaData(key, parent)) return { value: read(parent, path.key) };
    if (!hiddenKeys.has(key.toLowerCase()) && !isHidden(path)) return undefined;
    findings.push({ entity: 'FIELD', start: 0, end: 0, score: 1, replacement: hidden, pointer: pointerOf(path) });
    return { value: hidden };
  };
  // `base`: the pointer of the string that this is the JSON of.
  const walkAt = (depth: number, base: string): Walk => ({
    whole,
    visitKey: (key, pointer) => {
      const redacted = byKey.get(key) ?? redact(key, options);
      byKey.set(key, redacted);
      for (const finding of redacted.findings) findings.push({ ...finding, pointer: base + pointer(), inKey: true });
      return redacted.text;
    },
    visit: (text, key, pointer) => {
      if (isMedia(text)) return undefined;
      const inner = depth < deepestNested ? nested(text) : undefined;
      if (inner !== undefined) {
        const before = findings.length;
        const changed = copy(inner, walkAt(depth + 1, base + pointer()));
        if (findings.length > before) return JSON.stringify(changed);
        // Else it is looked at as text too: of two equal keys, JSON.parse showed only one.
      }
      const isNamed = key !== '' && text.length <= longestContextual && options.previous === undefined;
      const redacted = redact(text, isNamed ? { ...options, previous: `${key}:` } : options);
      for (const finding of redacted.findings) findings.push({ ...finding, pointer: base + pointer() });
      return redacted.text === text ? undefined : redacted.text;
    },
  });
  return { value: copy(value, walkAt(0, '')) as T, findings };
}

/** Puts values back in every string of a value. */
export function restoreJson<T>(value: T, restore: (text: string) => string): T {
  const walk: Walk = {
    whole: () => undefined,
    visitKey: restore,
    visit: (text) => {
      const inner = nested(text);
      if (inner !== undefined) {
        const changed = JSON.stringify(copy(inner, walk));
        return changed === JSON.stringify(inner) ? undefined : changed;
      }
      const restored = restore(text);
      return restored === text ? undefined : restored;
    },
  };
  return copy(value, walk) as T;
}
