/** A tus server: `node uploads.ts PORT FOLDER`. */
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const [, , port, directory = ''] = process.argv;
const server = new Server({
  path: '/files',
  relativeLocation: true,
  datastore: new FileStore({ directory }),
});
server.listen({ host: '127.0.0.1', port: Number(port) });
