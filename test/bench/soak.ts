/**
 * `npm run soak` sends traffic for `--seconds` and then prints figures. The exit code is 1 if a promise is broken.
 * `-- --hostile` sends the traffic of an attacker instead.
 */
import { argv } from 'node:process';

if (argv.includes('--hostile')) await import('./hostile-soak.ts');
else await import('./friendly-soak.ts');
