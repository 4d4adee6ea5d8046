/** The commands of this repository: `node src/cli/main.ts lookup ID`, `npm run lookup -- ID`. */
import { run } from './run.ts';

await run(
  {
    lookup: () => import('./lookup/main.ts'),
    smoke: () => import('./smoke/main.ts'),
    check: () => import('./check/main.ts'),
    deploy: () => import('./deploy/main.ts'),
    preview: () => import('./preview/main.ts'),
    init: () => import('./init/main.ts'),
    dev: () => import('./dev/main.ts'),
  },
  `Give a command:

  npm run dev       the Worker on this machine, with an origin that fails
  npm run check     whether settings and page are fit to be deployed
  npm run deploy    check, then upload
  npm run smoke     whether a deployed site behaves as promised
  npm run lookup    from a request ID to what failed
  npm run preview   the page in every language and form
  npm run init      what a Worker's own configuration lacks

npm run lookup -- --help says more of lookup, and so on.
`,
);
