/** A GraphQL server over HTTP, server-sent events and WebSockets: `node graphql.ts PORT`. */
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const schema = createSchema({
  typeDefs: `
    type Query { hello(name: String!): String!, broken: String }
    type Mutation { order(tea: Int!): Int! }
    type Subscription { count(to: Int!): Int! }`,
  resolvers: {
    Query: {
      hello: (_: unknown, { name }: { name: string }) => `Hello ${name}`,
      broken: () => {
        throw new Error('never shown');
      },
    },
    Mutation: { order: (_: unknown, { tea }: { tea: number }) => tea * 2 },
    Subscription: {
      count: {
        async *subscribe(_: unknown, { to }: { to: number }) {
          for (let i = 1; i <= to; i++) yield { count: i };
        },
      },
    },
  },
});
const yoga = createYoga({ schema, logging: false });
const server = createServer((request, response) => void yoga(request, response));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(process.argv[2]), '127.0.0.1');
