import { getContainerRuntimeClient } from 'testcontainers';

// A child process of the run. However the run ends, the IPC channel closes; then this process removes the container.
const [containerId] = process.argv.slice(2);

process.on('disconnect', async () => {
  try {
    const { container } = await getContainerRuntimeClient();
    await container.getById(containerId as string).remove({ force: true, v: true });
  } finally {
    process.exit();
  }
});
