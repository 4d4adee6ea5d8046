'use server';

export async function order(_before, form) {
  const tea = String(form.get('tea'));
  return tea === '' ? 'Which tea?' : `Ordered ${tea}`;
}
