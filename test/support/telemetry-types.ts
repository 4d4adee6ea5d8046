/**
 * The answers of Cloudflare's query API: the members that are used here of `TelemetryQueryResponse` in Cloudflare's
 * SDK (npm package `cloudflare` 7.3.0, resources/workers/observability/telemetry.d.ts, Apache-2.0).
 */

export interface TelemetryResult {
  readonly statistics: TelemetryStatistics;
  /** The result of the view "events". */
  readonly events?: TelemetryEvents;
  /** The result of the view "calculations". */
  readonly calculations?: readonly TelemetryCalculation[];
}

interface TelemetryStatistics {
  readonly bytes_read: number;
  readonly elapsed: number;
  readonly rows_read: number;
  /** The sampling interval. Absent: 1, which means all events. */
  readonly abr_level?: number;
}

export interface TelemetryEvents {
  /** The number of matching events, even if fewer are listed. */
  readonly count?: number;
  readonly events?: readonly TelemetryEvent[];
  readonly fields?: readonly { readonly key: string; readonly type: string }[];
}

/** One line of a log. */
export interface TelemetryEvent {
  readonly $metadata: {
    /** The ID of the event, which is also the cursor of a page. */
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
  /** The logged fields. */
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
  /** An estimate if each stored event stands for several. */
  readonly count: number;
  /** Cloudflare's older name for `sampleInterval`. */
  readonly interval: number;
  readonly sampleInterval: number;
  readonly value: number;
  readonly groups?: readonly { readonly key: string; readonly value: string | number | boolean }[];
}
