/** A socket.io server that echoes: `node chat.ts PORT`. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer();
new Server(server, { pingInterval: 1000, pingTimeout: 1000 }).on('connection', (socket) => {
  socket.on('say', (text: string, reply: (text: string) => void) => reply(`you said ${text}`));
  socket.on('bytes', (bytes: Buffer, reply: (count: number) => void) => reply(bytes.length));
});
server.listen(Number(process.argv[2]), '127.0.0.1');
