import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LaneState } from './desk/lanes.ts';
import type { Environment } from './desk/ports.ts';
import type { StoreCall } from './store/measured.ts';

/** What Prometheus is told: HTTP answers, attempts at deliveries, what waits, who drives it, and how the store answers. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #answers = new Histogram({
    name: 'madoguchi_http_seconds',
    help: 'Time until an HTTP request was answered',
    labelNames: ['route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [this.#registry],
  });
  readonly #attempts = new Counter({
    name: 'madoguchi_delivery_attempts_total',
    help: 'Attempts at deliveries by outcome',
    labelNames: ['toward', 'outcome', 'code'],
    registers: [this.#registry],
  });
  readonly #age = new Histogram({
    name: 'madoguchi_delivery_seconds',
    help: 'Age of a delivery when it arrived',
    labelNames: ['toward'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600],
    registers: [this.#registry],
  });

  readonly #leases = new Counter({
    name: 'madoguchi_lease_events_total',
    help: 'Lanes taken, given back, lost to another process; late = sending had to wait for a renewal',
    labelNames: ['event'],
    registers: [this.#registry],
  });
  readonly #store = new Histogram({
    name: 'madoguchi_store_seconds',
    help: 'Time until the store answered',
    labelNames: ['collection', 'call', 'outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers: [this.#registry],
  });

  constructor() {
    for (const event of ['taken', 'given_back', 'lost', 'late']) this.#leases.inc({ event }, 0);
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  answered(route: string, status: number, ms: number): void {
    this.#answers.observe({ route, status }, ms / 1000);
  }

  readonly observe: NonNullable<Environment['observe']> = ({ toward, outcome, code, age }) => {
    this.#attempts.inc({ toward, outcome, code: code ?? '' });
    if (outcome === 'delivered') this.#age.observe({ toward }, age / 1000);
  };

  readonly leased: NonNullable<Environment['leased']> = (event) => this.#leases.inc({ event });

  readonly stored = ({ collection, call, outcome, ms }: StoreCall): void => {
    this.#store.observe({ collection, call, outcome }, ms / 1000);
  };

  /** Shows the lanes that this process drives, whenever Prometheus asks. */
  watchLanes(states: () => LaneState[]): void {
    this.#gauge('madoguchi_leases', 'Lanes that this process drives', () => states().length);
    const each = (name: string, help: string, value: (state: LaneState) => number | undefined) =>
      this.#laneGauge(name, help, states, value);
    each('madoguchi_lane_waiting', 'Deliveries that wait in a lane', ({ waiting }) => waiting);
    each('madoguchi_lane_oldest_seconds', 'Age of the oldest one', ({ oldest }) => oldest / 1000);
    // Without limits there is nothing to be left.
    each('madoguchi_lane_budget_left', 'Calls that Teams still takes now', ({ left }) =>
      Number.isFinite(left) ? left : undefined,
    );
    each('madoguchi_lane_held', 'A Teams channel that can not be posted to', ({ held }) => (held ? 1 : undefined));
  }

  /** Shows what waits whenever Prometheus asks. */
  watch(depth: () => { waiting: number; oldest: number }): void {
    this.#gauge('madoguchi_deliveries_waiting', 'Deliveries that wait', () => depth().waiting);
    this.#gauge('madoguchi_oldest_delivery_seconds', 'Age of the oldest waiting delivery', () => depth().oldest / 1000);
  }

  #laneGauge(
    name: string,
    help: string,
    states: () => LaneState[],
    value: (state: LaneState) => number | undefined,
  ): void {
    const held = name === 'madoguchi_lane_held';
    new Gauge({
      name,
      help,
      labelNames: held ? ['lane', 'code'] : ['lane'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const state of states()) {
          const shown = value(state);
          if (shown !== undefined) this.set(held ? { lane: state.id, code: state.held } : { lane: state.id }, shown);
        }
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
