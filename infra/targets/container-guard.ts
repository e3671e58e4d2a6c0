import { getContainerRuntimeClient } from 'testcontainers';

// Runs as a child of a run: its channel closes when the run ends in any way, and then the container goes.
const [containerId] = process.argv.slice(2);

process.on('disconnect', async () => {
  try {
    const { container } = await getContainerRuntimeClient();
    await container.getById(containerId as string).remove({ force: true, v: true });
  } finally {
    process.exit();
  }
});
