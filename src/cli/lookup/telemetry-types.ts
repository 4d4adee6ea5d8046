/**
 * What is sent to the query API of Workers Observability: the members that are used here of `TelemetryQueryParams`
 * in Cloudflare's SDK (npm package `cloudflare` 7.3.0, resources/workers/observability/telemetry.d.ts, Apache-2.0).
 * The SDK itself would be 120 MB.
 */

type ValueType = 'string' | 'number' | 'boolean';

/** One query, but for the ID that each has to have. */
export interface TelemetryQuery {
  readonly view: 'events' | 'calculations';
  /** Unix time in milliseconds; `from` is earlier than `to`. */
  readonly timeframe: { readonly from: number; readonly to: number };
  readonly parameters: TelemetryParameters;
  /** How many events, or how many groups of calculations. */
  readonly limit?: number;
  /** The `$metadata.id` of the last event of the page before. */
  readonly offset?: string;
  readonly offsetDirection?: 'next' | 'prev';
  /** Into how many parts the time is divided. */
  readonly granularity?: number;
  /** Leaves out what each of those parts has. */
  readonly ignoreSeries?: boolean;
}

/** What is sought, and what is calculated of it. */
export interface TelemetryParameters {
  readonly filters: readonly TelemetryFilter[];
  readonly filterCombination: 'and' | 'or';
  readonly calculations?: readonly TelemetryCalculation[];
  readonly groupBys?: readonly { readonly type: ValueType; readonly value: string }[];
  /** `value` is the alias of a calculation. */
  readonly orderBy?: { readonly value: string; readonly order?: 'asc' | 'desc' };
  /** How many groups. */
  readonly limit?: number;
}

/** A filter sees only values of its own type. */
export interface TelemetryFilter {
  readonly key: string;
  readonly operation: 'eq' | 'neq' | 'exists' | 'is_null' | 'regex';
  readonly type: ValueType;
  readonly value?: string | number | boolean;
}

type TelemetryCalculation =
  | { readonly operator: 'count'; readonly alias?: string }
  | {
      readonly operator: 'min' | 'max';
      readonly key: string;
      readonly keyType?: ValueType;
      readonly alias?: string;
    };
