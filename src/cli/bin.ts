#!/usr/bin/env node
/** The commands of the package: `npx edge-error-interceptor lookup ID`. Built into dist/cli by `npm run build:package`. */
import { run } from './run.ts';

await run(
  {
    lookup: () => import('./lookup/main.ts'),
    smoke: () => import('./smoke/main.ts'),
    check: () => import('./check/main.ts'),
    preview: () => import('./preview/main.ts'),
    init: () => import('./init/main.ts'),
  },
  `Give a command:

  npx edge-error-interceptor init      what this Worker's configuration lacks
  npx edge-error-interceptor check     whether its settings are fit to be deployed
  npx edge-error-interceptor smoke     whether a deployed site behaves as promised
  npx edge-error-interceptor lookup    from a request ID to what failed
  npx edge-error-interceptor preview   the page in every language and form

npx edge-error-interceptor lookup --help says more of lookup, and so on.
`,
);
