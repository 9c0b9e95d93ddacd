// Runs before the first paint, so that a chosen theme never flashes in the other one.
// A file of its own: no inline script.
try {
  const theme = localStorage.getItem('finvault.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  console.info('No stored theme:', error);
}
