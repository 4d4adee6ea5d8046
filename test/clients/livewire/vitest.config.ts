import { defineConfig, mergeConfig } from 'vitest/config';
import clients from '../vitest.config.ts';

// This test is apart from the others because it needs a checkout of Livewire: see livewire.test.ts.
const config = mergeConfig(clients, defineConfig({}));
config.test.include = ['test/clients/livewire/*.test.ts'];
export default config;
