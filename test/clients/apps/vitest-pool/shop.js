import { Hono } from 'hono';
// The test builds the library as one file.
import { onError, withErrorPages } from './dist/error-pages.js';

const app = new Hono();
app.get('/', (c) => c.text(`Welcome to ${c.env.SITE_NAME}`));
app.get('/throws', () => {
  throw new TypeError('cart is undefined');
});
app.onError(onError);

export default withErrorPages(app);
