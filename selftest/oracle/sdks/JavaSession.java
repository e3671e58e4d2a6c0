import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.waiters.KinesisWaiter;

/**
 * Calls a Kinesis endpoint as Java programs do: with a synchronous client, an asynchronous one over HTTP/2, and one whose
 * CBOR is disabled. Prints the result of each step in one line: client, step and value, separated by tabs. Judges nothing.
 * Arguments: endpoint, region, access key, secret. Needs Java 17.
 */
public final class JavaSession {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final byte[] EVERY_BYTE = new byte[256];
  private static final int MANY_PUTS = 50;

  private final KinesisClient kinesis;
  private final String client;
  private final String stream;

  private JavaSession(String client, KinesisClient kinesis) {
    this.client = client;
    this.kinesis = kinesis;
    this.stream = "java-" + client;
  }

  public static void main(String[] args) {
    for (int i = 0; i < EVERY_BYTE.length; i++) EVERY_BYTE[i] = (byte) i;
    Wire wire = new Wire();
    try (KinesisClient sync = configure(KinesisClient.builder(), args, wire)
        .httpClient(UrlConnectionHttpClient.create()).build()) {
      new JavaSession("sync", sync).run(wire);
    }
    try (KinesisAsyncClient async = configure(KinesisAsyncClient.builder(), args, wire)
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP2)).build()) {
      new JavaSession("async", waiting(async)).run(wire);
    }
    System.setProperty("aws.cborEnabled", "false");
    try (KinesisClient json = configure(KinesisClient.builder(), args, wire)
        .httpClient(UrlConnectionHttpClient.create()).build()) {
      new JavaSession("json", json).run(wire);
    }
  }

  private static <B extends AwsClientBuilder<B, C>, C> B configure(B builder, String[] args, Wire wire) {
    return builder
        .endpointOverride(URI.create(args[0]))
        .region(Region.of(args[1]))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(args[2], args[3])))
        // A retry would hide the first answer.
        .overrideConfiguration(o -> o.addExecutionInterceptor(wire)
            .retryStrategy(DefaultRetryStrategy.doNotRetry()));
  }

  /** The synchronous interface of an asynchronous client: each call waits for its answer. */
  private static KinesisClient waiting(KinesisAsyncClient async) {
    return (KinesisClient) Proxy.newProxyInstance(
        JavaSession.class.getClassLoader(), new Class<?>[] {KinesisClient.class}, (proxy, method, args) -> {
          try {
            Object answer = KinesisAsyncClient.class
                .getMethod(method.getName(), method.getParameterTypes()).invoke(async, args);
            return answer instanceof CompletableFuture<?> future ? future.join() : answer;
          } catch (InvocationTargetException | CompletionException wrapped) {
            throw wrapped.getCause();
          }
        });
  }

  private void run(Wire wire) {
    step("create", () -> {
      kinesis.createStream(r -> r.streamName(stream).shardCount(2));
      return "done";
    });
    KinesisWaiter waiter = KinesisWaiter.builder().client(kinesis)
        .overrideConfiguration(o -> o.maxAttempts(100)
            .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(50)))).build();
    step("wait until it exists", () -> waiter.waitUntilStreamExists(r -> r.streamName(stream)).matched()
        .response().orElseThrow().streamDescription().streamStatusAsString());
    step("describe", () -> {
      var it = kinesis.describeStream(r -> r.streamName(stream)).streamDescription();
      return String.join(" ", it.streamName(), it.streamARN(), it.streamStatusAsString(),
          it.streamModeDetails().streamModeAsString(), it.retentionPeriodHours().toString(),
          it.hasMoreShards().toString());
    });
    step("made at", () -> millis(kinesis.describeStreamSummary(r -> r.streamName(stream))
        .streamDescriptionSummary().streamCreationTimestamp()));
    step("list shards", () -> kinesis.listShards(r -> r.streamName(stream)).shards().stream()
        .map(JavaSession::describe).collect(Collectors.joining(", ")));
    step("tag", () -> {
      kinesis.addTagsToStream(r -> r.streamName(stream).tags(Map.of("Data", "Timestamp")));
      return kinesis.listTagsForStream(r -> r.streamName(stream)).tags().toString();
    });
    step("list", () -> String.join(" ", kinesis.listStreams().streamNames()));
    records();
    refusals();
    step("delete", () -> {
      kinesis.deleteStream(r -> r.streamName(stream).enforceConsumerDeletion(true));
      return "done";
    });
    step("wait until it is gone", () -> waiter.waitUntilStreamNotExists(r -> r.streamName(stream)).matched()
        .exception().orElseThrow().getClass().getSimpleName());
    say("the wire", wire.drain());
  }

  private void records() {
    step("put", () -> {
      var it = kinesis.putRecord(r -> r.streamName(stream).partitionKey("one").explicitHashKey("0")
          .data(SdkBytes.fromByteArray(EVERY_BYTE)));
      return it.shardId() + " " + it.sequenceNumber();
    });
    step("put many", () -> {
      // Arrival times differ, so that a timestamp separates these from the previous one.
      Thread.sleep(20);
      var it = kinesis.putRecords(r -> r.streamName(stream).records(
          entry("Schlüssel \uD83D\uDD11", "0", "zwölf"), entry("empty", "0", ""),
          entry("key", "340282366920938463463374607431768211455", "other shard")));
      return it.failedRecordCount() + " " + it.records().stream()
          .map(one -> one.shardId() + " " + one.sequenceNumber()).collect(Collectors.joining(", "));
    });
    List<Record> first = new ArrayList<>();
    step("read the first shard", () -> {
      first.addAll(read("shardId-000000000000", r -> r.shardIteratorType(ShardIteratorType.TRIM_HORIZON)));
      return describe(first);
    });
    step("arrived at", () -> first.stream().map(one -> millis(one.approximateArrivalTimestamp()))
        .collect(Collectors.joining(", ")));
    step("read the second shard", () -> describe(read("shardId-000000000001",
        r -> r.shardIteratorType(ShardIteratorType.TRIM_HORIZON))));
    step("read from a time on", () -> describe(read("shardId-000000000000",
        r -> r.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
            .timestamp(first.get(1).approximateArrivalTimestamp()))));
    step("read after a record", () -> describe(read("shardId-000000000000",
        r -> r.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
            .startingSequenceNumber(first.get(1).sequenceNumber()))));
    step("read to the end", () -> {
      String iterator = kinesis.getShardIterator(r -> r.streamName(stream).shardId("shardId-000000000000")
          .shardIteratorType(ShardIteratorType.LATEST)).shardIterator();
      var it = kinesis.getRecords(r -> r.shardIterator(iterator));
      return it.records().size() + " " + it.millisBehindLatest() + " " + (it.nextShardIterator() != null);
    });
  }

  private void refusals() {
    step("an unknown stream", () -> kinesis.describeStream(r -> r.streamName("nope")).toString());
    step("an invalid name", () -> kinesis.deleteStream(r -> r.streamName("no!")).toString());
    step("a stream that exists", () -> kinesis.createStream(r -> r.streamName(stream).shardCount(1)).toString());
    step("an invalid iterator", () -> kinesis.getRecords(r -> r.shardIterator("AAAA")).toString());
    step("more than a shard takes", () -> {
      SdkBytes megabyte = SdkBytes.fromByteArray(new byte[1_000_000]);
      for (int i = 0; i < MANY_PUTS; i++) {
        kinesis.putRecord(r -> r.streamName(stream).partitionKey("k").explicitHashKey("0").data(megabyte));
      }
      return MANY_PUTS + " records taken";
    });
  }

  private List<Record> read(String shard, Consumer<GetShardIteratorRequest.Builder> from) {
    String iterator = kinesis.getShardIterator(r -> {
      r.streamName(stream).shardId(shard);
      from.accept(r);
    }).shardIterator();
    return kinesis.getRecords(r -> r.shardIterator(iterator)).records();
  }

  private static PutRecordsRequestEntry entry(String key, String hashKey, String data) {
    return PutRecordsRequestEntry.builder().partitionKey(key).explicitHashKey(hashKey)
        .data(SdkBytes.fromUtf8String(data)).build();
  }

  private static String describe(Shard shard) {
    return shard.shardId() + " " + shard.hashKeyRange().startingHashKey() + "-"
        + shard.hashKeyRange().endingHashKey();
  }

  private static String describe(List<Record> records) {
    return records.stream().map(one -> one.sequenceNumber() + " " + one.partitionKey() + "="
        + HexFormat.of().formatHex(one.data().asByteArray())).collect(Collectors.joining(", "));
  }

  private static String millis(Instant instant) {
    return Long.toString(instant.toEpochMilli());
  }

  private void step(String name, Callable<String> work) {
    try {
      say(name, work.call());
    } catch (AwsServiceException e) {
      say(name, e.getClass().getSimpleName() + " " + e.statusCode() + " " + e.awsErrorDetails().errorCode() + ": "
          + e.awsErrorDetails().errorMessage() + (e.requestId() == null ? " (no request id)" : ""));
    } catch (Exception e) {
      say(name, "failed: " + e);
    }
  }

  private void say(String step, String value) {
    OUT.println(client + "\t" + step + "\t" + value.replaceAll("\\s", " "));
  }

  /** The content types of requests as they were sent and of answers as they came. */
  private static final class Wire implements ExecutionInterceptor {
    private final Set<String> types = new ConcurrentSkipListSet<>();

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
      types.add("sent " + context.httpRequest().firstMatchingHeader("Content-Type").orElse("nothing"));
      types.add("got " + context.httpResponse().firstMatchingHeader("Content-Type").orElse("nothing"));
    }

    String drain() {
      String all = String.join(", ", types);
      types.clear();
      return all;
    }
  }
}
