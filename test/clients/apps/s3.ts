/** A small S3 server: `node s3.ts PORT FOLDER`. */
import S3rver from 's3rver';

const [, , port, directory = ''] = process.argv;
await new S3rver({
  port: Number(port),
  address: '127.0.0.1',
  silent: true,
  directory,
  configureBuckets: [{ name: 'shop', configs: [] }],
}).run();
