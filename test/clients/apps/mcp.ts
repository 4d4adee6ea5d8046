/** A server of the Model Context Protocol over streamable HTTP, with sessions: `node mcp.ts PORT`. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { z } from 'zod';

const sessions = new Map<string, StreamableHTTPServerTransport>();

async function newSession(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  const server = new McpServer({ name: 'kettle', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool(
    'brew',
    { description: 'Brews tea', inputSchema: { tea: z.string(), cups: z.number() } },
    async ({ tea, cups }, { sendNotification, _meta }) => {
      const progressToken = _meta?.progressToken;
      for (let progress = 1; progress <= cups && progressToken !== undefined; progress++) {
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: cups },
        });
      }
      return { content: [{ type: 'text', text: `${cups} cups of ${tea}` }] };
    },
  );
  server.registerResource('menu', 'tea://menu', {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'Assam, Darjeeling' }],
  }));
  await server.connect(transport);
  return transport;
}

createServer((request, response) => {
  const { 'mcp-session-id': id } = request.headers;
  const transport = sessions.get(String(id)) ?? newSession();
  void Promise.resolve(transport).then((session) => session.handleRequest(request, response));
}).listen(Number(process.argv[2]), '127.0.0.1');
