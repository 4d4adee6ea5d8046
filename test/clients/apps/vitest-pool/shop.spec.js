import { SELF } from 'cloudflare:test';
import { expect, it, vi } from 'vitest';

const headers = { Accept: 'text/html' };

it('the application answers', async () => {
  expect(await (await SELF.fetch('https://shop.example/')).text()).toBe('Welcome to The Shop');
});

it('what throws is the page with an ID, and one record with the same ID', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const answer = await SELF.fetch('https://shop.example/throws', { headers });
  const id = answer.headers.get('X-Request-Id');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain(id);
  expect(error).toHaveBeenCalledOnce();
  expect(error.mock.calls[0][0]).toMatchObject({
    message: 'Application threw',
    request_id: id,
    exception: { message: 'cart is undefined' },
  });
});
