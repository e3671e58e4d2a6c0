@requires:direct-kinesis
Feature: Put one record
  A client adds one record to a stream: any JSON value, under a partition key. The template encodes
  the JSON text of the value, so a string keeps its quotes, which surprises its readers.

  Background:
    Given a stream

  @PUT-1
  Rule: The answer names the place of the record
    Scenario: A sequence number and a shard come back
      When the client puts "some data" under the partition key "some key"
      Then the answer is 200 with the fields:
        | field          | kind              |
        | SequenceNumber | a sequence number |
        | ShardId        | a shard id        |

  @PUT-2
  Rule: The record is where the answer says, under its partition key
    Scenario Outline: The partition key <key> arrives as it was given
      When the client puts "a record to look for" under the partition key "<key>"
      Then the stream holds exactly one new record, the JSON text "a record to look for"
      And it is at the place that the answer names, under the partition key "<key>"

      Examples:
        | key                 | why                                               |
        | Order 7, Größe M    | spaces, a comma, letters beyond ASCII             |
        | O'Brien             | an apostrophe, which escapeJavaScript spoils      |
        | 2026/11/26          | slashes, which some escapers precede by backslash |
        | <b>R&amp;D</b>      | marks that an escaper for HTML replaces           |
        | 50%25 + ключ 日本   | marks and letters that an escaper for URLs spells |

  @PUT-3
  Rule: What is stored is the JSON text of the data
    Scenario Outline: <data> is stored as its JSON text
      When the client puts <data> under the partition key "some key"
      Then Kinesis holds the JSON text <data> where the answer says

      Examples:
        | data                   | why                                |
        | "some data"            | a string is stored with its quotes |
        | "c29tZSBkYXRh"         | base64 is text like any other      |
        | ""                     | an empty string is two quotes      |
        | 12.5                   | a number                           |
        | false                  | a Boolean                          |
        | {"a": {"b": [1, "x"]}} | an object, however deep            |
        | ["some", "data", 3]    | a list                             |

  @PUT-4
  Rule: The partition key's hash decides the shard
    Scenario Outline: The partition key <key> belongs to shard <shard>
      Given a stream of five shards
      When the client puts "some data" under the partition key "<key>"
      Then the answer names the shard "<shard>"

      Examples:
        | key      | shard                | why                              |
        | a        | shardId-000000000000 | the first fifth of the hash keys |
        | user-2   | shardId-000000000001 | the second                       |
        | b        | shardId-000000000002 | the third                        |
        | 1        | shardId-000000000003 | the fourth                       |
        | some key | shardId-000000000004 | the tutorial's own key, the last |

  @PUT-5
  Rule: The records of a shard keep the order in which they were put
    Scenario: Later records have higher sequence numbers and are read later
      When the client puts these records one by one:
        | data     | partition key |
        | "first"  | some key      |
        | "second" | some key      |
        | "third"  | some key      |
      Then their sequence numbers increase
      And the stream holds exactly these new records, in order:
        | data     | partition key |
        | "first"  | some key      |
        | "second" | some key      |
        | "third"  | some key      |

  @PUT-6
  Rule: Every character survives
    Scenario Outline: A string of <why> is read as it was put
      When the client puts <data> under the partition key "some key"
      Then Kinesis holds the JSON text <data> where the answer says

      Examples:
        | data                         | why                          |
        | "🚀 👩‍👩‍👧"                    | emoji, some multi-code-point |
        | "שלום, مرحبا"                | letters from right to left   |
        | "e\\u0301 n\\u0303"          | combining marks              |
        | "tab\\t line\\n bell\\u0007" | control characters           |
        | "she said \\"no\\""          | quotes                       |
        | "C:\\\\path\\\\to"           | backslashes                  |
        | "it's <b>&amp;</b>"          | marks that HTML would escape |
        | "  two  spaces  "            | spaces around and between    |
        | "50% + 100%25"               | marks that a URL would have  |
