/** Watches the stream of events, which has no content, and raises an alarm by rule. */

import type { Registry } from 'prom-client';
import type { ServerEvent } from './parts.ts';

export interface Alarm {
  rule: 'open_spike' | 'bulk_export' | 'wrong_purpose' | 'residual_findings' | 'checkpoint_gap' | 'log_fault' | 'overdue_request';
  actor?: string;
  count: number;
  time: number;
}

export interface MonitorOptions {
  now: () => number;
  onAlarm: (alarm: Alarm) => void;
  /** Milliseconds that the counts below are of. */
  window?: number;
  /** Items that one actor may open. */
  opens?: number;
  /** Items that may be exported or disclosed to one actor's order. */
  exports?: number;
  /** Attempts to open for a purpose that the data is not for. */
  wrongPurposes?: number;
  /** Findings that the page let through. */
  residuals?: number;
  /** Milliseconds after which a log without a new checkpoint is suspicious. */
  checkpointGap?: number;
}

interface Limit {
  rule: Alarm['rule'];
  types: readonly ServerEvent['type'][];
  limit: number;
  byActor: boolean;
}

/** What is asked of prom-client's registry, which need not be installed. */
export interface MetricsRegistry {
  metrics(): Promise<string>;
  readonly contentType: string;
}

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #window: number;
  readonly #limits: readonly Limit[];
  readonly #recent = new Map<string, { time: number; count: number }[]>();
  readonly #counts = new Map<string, number>();
  readonly #late = new Set<string>();
  #lastCheckpoint: number;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#window = options.window ?? 3_600_000;
    this.#lastCheckpoint = options.now();
    this.#limits = [
      { rule: 'open_spike', types: ['opened'], limit: options.opens ?? 100, byActor: true },
      { rule: 'bulk_export', types: ['exported', 'disclosed'], limit: options.exports ?? 1000, byActor: true },
      { rule: 'wrong_purpose', types: ['wrong_purpose'], limit: options.wrongPurposes ?? 3, byActor: false },
      { rule: 'residual_findings', types: ['residual'], limit: options.residuals ?? 50, byActor: false },
    ];
  }

  observe(event: ServerEvent): void {
    const key = event.code === undefined ? event.type : `${event.type}/${event.code}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + (event.count ?? 1));
    for (const limit of this.#limits) if (limit.types.includes(event.type)) this.#check(limit, event);
  }

  /** Tell it of every checkpoint, and let time pass over it by `tick`. */
  checkpoint(): void {
    this.#lastCheckpoint = this.#options.now();
  }

  tick(): void {
    const gap = this.#options.now() - this.#lastCheckpoint;
    if (gap <= (this.#options.checkpointGap ?? 24 * 3_600_000)) return;
    this.checkpoint(); // the next alarm comes after another gap as long
    this.#alarm('checkpoint_gap', Math.floor(gap / 1000));
  }

  /** Requests whose deadline has passed: one alarm each. */
  overdue(ids: readonly string[]): void {
    const late = ids.filter((id) => !this.#late.has(id));
    for (const id of late) this.#late.add(id);
    if (late.length > 0) this.#alarm('overdue_request', late.length);
  }

  /** The log is not what was signed. */
  fault(): void {
    this.#alarm('log_fault', 1);
  }

  /** What was counted since the start, by type and code. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Adds the counts to a registry of prom-client, whose `metrics()` is what Prometheus reads. */
  async register(registry: MetricsRegistry): Promise<void> {
    const { Counter } = await import('prom-client');
    const counts = () => this.counts();
    new Counter({
      name: 'subrosa_events_total',
      help: 'Events by type and code',
      labelNames: ['type', 'code'],
      registers: [registry as Registry],
      collect() {
        this.reset();
        for (const [key, count] of Object.entries(counts())) {
          const [type = '', code = ''] = key.split('/');
          this.inc({ type, code }, count);
        }
      },
    });
  }

  /** Counts in the window; an alarm empties it, so that one spike is one alarm. */
  #check({ rule, limit, byActor }: Limit, event: ServerEvent): void {
    const now = this.#options.now();
    const key = byActor ? `${rule}/${event.actor ?? ''}` : rule;
    const recent = (this.#recent.get(key) ?? []).filter(({ time }) => time > now - this.#window);
    recent.push({ time: now, count: event.count ?? 1 });
    const count = recent.reduce((sum, entry) => sum + entry.count, 0);
    this.#recent.set(key, count > limit ? [] : recent);
    if (count > limit) this.#alarm(rule, count, byActor ? event.actor : undefined);
  }

  #alarm(rule: Alarm['rule'], count: number, actor?: string): void {
    this.observe({ type: 'alarm', code: rule });
    this.#options.onAlarm({ rule, count, time: this.#options.now(), ...(actor === undefined ? {} : { actor }) });
  }
}
