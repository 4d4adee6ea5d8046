export default defineEventHandler(async (event) => {
  const { tea } = await readBody(event);
  return tea === '' ? 'Which tea?' : `Ordered ${tea}`;
});
