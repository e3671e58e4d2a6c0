"""Uses a Kinesis endpoint as Python programs and shell scripts do: by boto3, its waiters and paginators, and by the AWS CLI.

Prints the result of each step in one line: client, step and value, separated by tabs. Judges nothing. The endpoint, region and
keys are those of the environment, as for any SDK.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

STREAM = "python"
MANY = [f"page-{number:03}" for number in range(119)]
# The number of streams that may be CREATING at once.
TOGETHER = 5
WAIT = {"Delay": 0.05, "MaxAttempts": 400}
AWS = shutil.which("aws", path=os.path.dirname(sys.executable))
SHARD = "shardId-000000000000"

# A retry would hide the first answer.
kinesis = boto3.client("kinesis", config=Config(retries={"mode": "standard", "total_max_attempts": 1}))
wire = set()
kinesis.meta.events.register(
    "before-send.kinesis.*", lambda request, **_: wire.add(f"sent {text(request.headers['Content-Type'])}")
)
kinesis.meta.events.register(
    "before-parse.kinesis.*",
    lambda response_dict, **_: wire.add(f"got {response_dict['headers'].get('Content-Type', 'nothing')}"),
)


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def millis(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def step(client, name, work):
    try:
        value = work()
    except ClientError as error:
        value = f"{type(error).__name__}: {error.response['Error']['Message']}"
    except Exception as error:  # What went wrong is the step's value.
        value = f"failed: {error!r}"
    print(client, name, " ".join(str(value).split()), sep="\t", flush=True)


def pages(operation, member, size, **arguments):
    """The number of pages, and the members on all of them."""
    found = list(
        kinesis.get_paginator(operation).paginate(PaginationConfig={"PageSize": size} if size else {}, **arguments)
    )
    items = [item for page in found for item in member(page)]
    return f"{len(found)} pages: {len(items)} of {len(set(items))}, {items[0]} to {items[-1]}"


def create(names, shards=1):
    for name in names:
        kinesis.create_stream(StreamName=name, ShardCount=shards)
    for name in names:
        kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=WAIT)


def read(**start):
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=SHARD, **start)["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def described(records):
    return ", ".join(f"{one['SequenceNumber']} {one['PartitionKey']}={one['Data'].hex()}" for one in records)


def with_boto3():
    def put(**record):
        answer = kinesis.put_record(StreamName=STREAM, ExplicitHashKey="0", **record)
        return f"{answer['ShardId']} {answer['SequenceNumber']}"

    def exists():
        create([STREAM], shards=5)
        return kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]["StreamStatus"]

    def is_gone():
        kinesis.delete_stream(StreamName=STREAM)
        kinesis.get_waiter("stream_not_exists").wait(StreamName=STREAM, WaiterConfig=WAIT)
        return kinesis.describe_stream_summary(StreamName=STREAM)

    def create_many():
        for start in range(0, len(MANY), TOGETHER):
            create(MANY[start : start + TOGETHER])
        return len(MANY)

    def shards_of(description):
        return [shard["ShardId"] for shard in description["Shards"]]

    step("boto3", "create, and wait until it exists", exists)
    summary = kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]
    step("boto3", "made at", lambda: millis(summary["StreamCreationTimestamp"]))
    step(
        "boto3",
        "describe page by page",
        lambda: pages("describe_stream", lambda page: shards_of(page["StreamDescription"]), 2, StreamName=STREAM),
    )
    step("boto3", "list shards", lambda: pages("list_shards", shards_of, None, StreamName=STREAM))
    step("boto3", "list shards page by page", lambda: pages("list_shards", shards_of, 2, StreamName=STREAM))
    step("boto3", "put", lambda: put(PartitionKey="Schlüssel 🔑", Data=bytes(range(256))))
    records = []
    step("boto3", "read", lambda: described(records.extend(read(ShardIteratorType="TRIM_HORIZON")) or records))
    arrived = records[0]["ApproximateArrivalTimestamp"] if records else datetime.now()
    step("boto3", "arrived at", lambda: millis(arrived))
    step(
        "boto3",
        "read from a time on",
        lambda: described(read(ShardIteratorType="AT_TIMESTAMP", Timestamp=arrived)),
    )
    step("boto3", "an unknown stream", lambda: kinesis.describe_stream(StreamName="nope"))
    step("boto3", "create many", create_many)
    step("boto3", "list page by page", lambda: pages("list_streams", lambda page: page["StreamNames"], None))
    step("boto3", "list small pages", lambda: pages("list_streams", lambda page: page["StreamNames"], 7))
    step("boto3", "delete, and wait until it is gone", is_gone)
    step("boto3", "the wire", lambda: ", ".join(sorted(wire)))


def cli(*arguments):
    done = subprocess.run([AWS, "kinesis", *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip()}"


def with_cli():
    def create_and_wait():
        created = cli("create-stream", "--stream-name", STREAM, "--shard-count", "1")
        return (created + cli("wait", "stream-exists", "--stream-name", STREAM)) or "done"

    def delete_and_wait():
        deleted = cli("delete-stream", "--stream-name", STREAM)
        return (deleted + cli("wait", "stream-not-exists", "--stream-name", STREAM)) or "done"

    def status():
        query = ["--query", "StreamDescriptionSummary.StreamStatus", "--output", "text"]
        return cli("describe-stream-summary", "--stream-name", STREAM, *query)

    def listed(*arguments):
        answer = json.loads(cli("list-streams", *arguments))
        return answer["StreamNames"], answer.get("NextToken")

    def all_listed():
        names, token = listed()
        return f"{len(names)} of {len(set(names))}, {names[0]} to {names[-1]}, {'more' if token else 'no more'}"

    def listed_in_two():
        first, token = listed("--page-size", "7", "--max-items", "10")
        rest, last = listed("--page-size", "7", "--starting-token", token or "")
        return f"{len(first)} and {len(rest)} of {len({*first, *rest})}, {'more' if last else 'no more'}"

    step("aws-cli", "create, and wait until it exists", create_and_wait)
    step("aws-cli", "its status", status)
    step("aws-cli", "list all pages", all_listed)
    step("aws-cli", "list ten, then the rest", listed_in_two)
    step("aws-cli", "delete, and wait until it is gone", delete_and_wait)
    step("aws-cli", "its status then", status)


with_boto3()
with_cli()
