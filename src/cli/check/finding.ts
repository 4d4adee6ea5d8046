/** The types of a finding in a configuration, and of the rule that finds it. */
import type { EnvironmentConfig } from './wrangler-config.ts';

/** A thing to change, described so that an operator can mend it. */
export interface ConfigProblem {
  /** The name of the environment. Empty for the top level. */
  readonly environment: string;
  readonly name: string;
  /** The fault, as the end of a sentence that starts with the name. */
  readonly problem: string;
  /** The allowed values, or the thing to do. */
  readonly allowed: string;
}

/** A problem of the examined environment. */
export type Finding = Omit<ConfigProblem, 'environment'>;

/** Finds one kind of problem in an environment. */
export type Rule = (config: EnvironmentConfig, all: readonly EnvironmentConfig[]) => readonly Finding[];
