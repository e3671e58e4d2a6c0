@requires:direct-kinesis
Feature: The values that clients send
  Mapping templates build a request out of texts. A value that is not escaped breaks the request, or
  becomes a part of it, and the client that sent it decides what Kinesis is asked.

  @SAFE-7 @with:partition-key
  Rule: A record bears the partition key that the client gave
    Scenario Outline: Keys of <action> survive
      Given a stream that the proxy serves
      When the client puts a record under each of these keys with <action>:
        | key                          |
        | Ключ 鍵 😀 |
        | a "quoted" key |
        | one \\ backslash |
        | O'Brien |
        | line\nbreak |
        | a/b?c=d&e#f%41+g |
        | Upper and lower |
        | \u0020spaces around\u0020 |
      Then each call succeeds
      And Kinesis holds exactly what the client put
      And each key can be read out of what is stored

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

  @SAFE-10
  Rule: No value changes the structure of the request
    @with:partition-key
    Scenario Outline: A partition key that names another, with <action>
      Given a stream that the proxy serves
      When the client puts a record under the key 'one", "PartitionKey": "two' with <action>
      Then each record is stored under exactly the key given, or refused

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:stream
    Scenario Outline: A stream name that names another, with <action>
      Given a stream that the proxy serves
      And another fresh stream
      When the client calls <action> for a stream whose name adds the other one
      Then the other stream is unchanged
      And nothing is stored in the other stream

      Examples:
        | action       |
        | PutRecord    |
        | PutRecords   |
        | DeleteStream |

    @with:stream
    Scenario Outline: A stream name that adds a member, with <action>
      Given a stream that the proxy serves
      When the client calls <action> for a stream whose name adds a member
      Then Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @calls:DeleteStream @with:stream
    Scenario: A stream name that adds a member, with DeleteStream
      Given a fresh stream
      When the client calls DeleteStream for a stream whose name adds a member
      Then the stream is unchanged

    @calls:CreateStream @with:shard-count
    Scenario: A shard count that adds a mode
      When the client creates a stream with the shard count '1, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}'
      Then no stream on demand appears

    @calls:CreateStream @with:stream
    Scenario: A name of a new stream that names another
      When the client creates a stream whose name adds another one
      Then no new stream appears

    @with:base64-data
    Scenario Outline: Base64 that adds a member, with <action>
      Given a stream that the proxy serves
      When the client calls <action> with base64 that adds a member to the request
      Then Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |
