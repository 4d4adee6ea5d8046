/** What a check of a configuration finds, and what a rule of it is. */
import type { EnvironmentConfig } from './wrangler-config.ts';

/** Something to change, in words that an operator can act on. */
export interface ConfigProblem {
  /** The environment's name; empty for the top level. */
  readonly environment: string;
  readonly name: string;
  /** What is wrong, as the end of a sentence that starts with the name. */
  readonly problem: string;
  /** What is allowed, or what to do. */
  readonly allowed: string;
}

/** A problem of the environment that was examined. */
export type Finding = Omit<ConfigProblem, 'environment'>;

/** Finds one kind of problem in an environment. */
export type Rule = (config: EnvironmentConfig, all: readonly EnvironmentConfig[]) => readonly Finding[];
