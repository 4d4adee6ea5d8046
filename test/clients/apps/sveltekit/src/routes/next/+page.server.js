export const load = () => ({ title: 'Next page' });
