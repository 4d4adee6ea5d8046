import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: './shop.js',
      miniflare: { compatibilityDate: '2026-08-01', bindings: { SITE_NAME: 'The Shop' } },
    }),
  ],
  test: { include: ['shop.spec.js'] },
});
