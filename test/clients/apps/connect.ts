/** A server of Connect and gRPC-web: `node connect.ts PORT`. */
import { Code, ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { createServer } from 'node:http';
import { Greeter } from '../support/greeter.ts';

const handler = connectNodeAdapter({
  routes: (router) =>
    router.service(Greeter, {
      hello({ value }, context) {
        context.responseTrailer.set('greeted', value);
        if (value === 'stranger') throw new ConnectError('I do not know you', Code.NotFound);
        if (value === 'nobody') throw new ConnectError('backend gone', Code.Unavailable);
        return { value: `Hello ${value}` };
      },
      async *count({ value }, context) {
        for (let i = 1; i <= Number(value); i++) yield { value: String(i) };
        context.responseTrailer.set('counted', value);
        if (value === '4') throw new ConnectError('backend gone', Code.Unavailable);
      },
    }),
});
createServer(handler).listen(Number(process.argv[2]), '127.0.0.1');
