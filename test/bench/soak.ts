/**
 * `npm run soak`: traffic for as long as `--seconds` says, and at its end figures, and exit code 1 where a promise is
 * broken. With `-- --hostile` the traffic is what an attacker would send.
 */
import { argv } from 'node:process';

if (argv.includes('--hostile')) await import('./hostile-soak.ts');
else await import('./friendly-soak.ts');
