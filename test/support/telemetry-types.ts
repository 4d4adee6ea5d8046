/**
 * What Cloudflare's query API answers: the members that are used here of `TelemetryQueryResponse` in Cloudflare's SDK
 * (npm package `cloudflare` 7.3.0, resources/workers/observability/telemetry.d.ts, Apache-2.0).
 */

/** The result of a query. */
export interface TelemetryResult {
  readonly statistics: TelemetryStatistics;
  /** Of the view "events". */
  readonly events?: TelemetryEvents;
  /** Of the view "calculations". */
  readonly calculations?: readonly TelemetryCalculation[];
}

interface TelemetryStatistics {
  readonly bytes_read: number;
  readonly elapsed: number;
  readonly rows_read: number;
  /** How coarse a sample was read; absent: 1, all of it. */
  readonly abr_level?: number;
}

export interface TelemetryEvents {
  /** How many match, also where fewer are listed. */
  readonly count?: number;
  readonly events?: readonly TelemetryEvent[];
  readonly fields?: readonly { readonly key: string; readonly type: string }[];
}

/** One line of a log. */
export interface TelemetryEvent {
  readonly $metadata: {
    /** Also the cursor of a page. */
    readonly id: string;
    readonly level?: string;
    readonly message?: string;
    readonly error?: string;
    readonly requestId?: string;
    readonly rayId?: string;
    readonly service?: string;
    readonly origin?: string;
    readonly trigger?: string;
    readonly statusCode?: number;
    readonly type?: string;
    readonly url?: string;
    readonly startTime?: number;
    readonly endTime?: number;
    readonly duration?: number;
  };
  readonly $workers?: {
    readonly eventType: 'fetch';
    readonly scriptName: string;
    readonly outcome?: string;
    readonly requestId?: string;
    readonly cpuTimeMs?: number;
    readonly wallTimeMs?: number;
    readonly truncated?: boolean;
    readonly scriptVersion?: { readonly id?: string; readonly message?: string; readonly tag?: string };
    readonly event?: Readonly<Record<string, unknown>>;
  };
  readonly dataset: string;
  /** What was logged. */
  readonly source: string | Readonly<Record<string, unknown>>;
  readonly timestamp: number;
}

export interface TelemetryCalculation {
  readonly calculation: string;
  readonly alias?: string;
  readonly aggregates: readonly TelemetryAggregate[];
  readonly series: readonly { readonly time: string; readonly data: readonly TelemetryAggregate[] }[];
}

interface TelemetryAggregate {
  /** Estimated where each stored event stands for several. */
  readonly count: number;
  /** Cloudflare's older name of `sampleInterval`. */
  readonly interval: number;
  readonly sampleInterval: number;
  readonly value: number;
  readonly groups?: readonly { readonly key: string; readonly value: string | number | boolean }[];
}
