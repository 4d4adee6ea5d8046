/** `npm run dev`. The package has no such command: it needs a checkout. */
import { runProcess } from '../process.ts';
import { main } from './main.ts';

await runProcess(main.call);
