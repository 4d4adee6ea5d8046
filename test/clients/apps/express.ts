/** An Express application with Helmet's default settings: `node express.ts PORT`. */
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';

const app = express();
app.use(helmet());
// https://expressjs.com/en/guide/behind-proxies.html
app.set('trust proxy', 'loopback');
app.get('/', (_request, response) => response.send('<h1>Welcome</h1><form method="post" action="/order">'));
app.post('/order', express.urlencoded(), (request, response) => {
  response.cookie('last', request.body.tea, { httpOnly: true }).redirect(303, '/');
});
app.get('/where', ({ protocol, host, secure }, response) => response.json({ protocol, host, secure }));
app.get('/moved', ({ headers }, response) => response.redirect(`http://${headers.host}/where`));
app.get('/api/order', (_request, response) => response.json({ tea: 'Assam' }));
app.get('/lines', (_request, response) => {
  response.type('text').write('one\n');
  setTimeout(() => response.end('two\n'), 50);
});
app.post('/api/order', express.json(), (request, response) => response.status(201).json(request.body));

const connect = () => {
  const error = new Error('connect ECONNREFUSED postgres://shop:kettle-7-red@db.internal:5432/orders');
  throw Object.assign(error, { code: 'ECONNREFUSED' });
};
app.get('/throws', connect);
app.get('/throws/handled', connect);
app.post('/throws/form', connect);
app.get('/session', (_request, response) => {
  // The session caused the failure, so the next request must come without it.
  response.clearCookie('sid', { httpOnly: true }).status(500).send('Session store: invalid checksum');
});
app.use('/throws/handled', (error: Error, _request: Request, response: Response, _next: NextFunction) => {
  response.status(500).json({ error: error.message });
});
app.listen(Number(process.argv[2]), '127.0.0.1');
