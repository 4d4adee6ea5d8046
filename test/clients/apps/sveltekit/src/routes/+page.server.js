import { fail } from '@sveltejs/kit';

const later = (value) => new Promise((resolve) => setTimeout(resolve, 200, value));

export const load = () => ({ now: 'Welcome', later: later('and tea is ready') });

export const actions = {
  default: async ({ request }) => {
    const tea = String((await request.formData()).get('tea'));
    return tea === '' ? fail(400, { message: 'Which tea?' }) : { message: `Ordered ${tea}` };
  },
};
