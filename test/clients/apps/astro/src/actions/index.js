import { defineAction } from 'astro:actions';

export const server = {
  order: defineAction({
    accept: 'form',
    handler: async (form) => {
      const tea = String(form.get('tea'));
      return tea === '' ? 'Which tea?' : `Ordered ${tea}`;
    },
  }),
};
