@requires:direct-kinesis
Feature: Put many records
  A client adds a list of records in one call, in a payload of the proxy's own: data and partition-key.
  Here the data is text, encoded as it is, without the quotes that a single record gets.

  Background:
    Given a stream

  @PUTS-1
  Rule: The answer names the place of each record, in order
    Scenario: As many places come back as records were put
      When the client puts the records:
        | data   | partition key | why             |
        | first  | some key      | the last shard  |
        | second | b             | the last shard  |
        | third  | a             | the first shard |
      Then the answer counts no failed record
      And it names a place for each record, in the shard of its partition key

  @PUTS-2
  Rule: Each record is stored once, as text without added quotes
    Scenario: Kinesis holds the tutorial's two records
      When the client puts the records:
        | data            | partition key |
        | some data       | some key      |
        | some other data | some key      |
      Then the stream holds exactly these new records, in order:
        | data            | partition key |
        | some data       | some key      |
        | some other data | some key      |

    Scenario: Data and partition keys that only an escaper changes
      When the client puts the records:
        | data                    | partition key     |
        | it's "5 < 6" & 50%25    | O'Brien           |
        | C:\\path/to <b>R&amp;D</b> | <b>R&amp;D</b>/7  |
        | ключ 日本 + 🚀          | 50%25 + ключ 日本 |
      Then the stream holds exactly these new records:
        | data                    | partition key     |
        | it's "5 < 6" & 50%25    | O'Brien           |
        | C:\\path/to <b>R&amp;D</b> | <b>R&amp;D</b>/7  |
        | ключ 日本 + 🚀          | 50%25 + ключ 日本 |

    Scenario: The stream in the path is written to, even if query string or body name another
      Given another stream
      And the client also names the other stream in query string and body
      When the client puts the records:
        | data       | partition key    |
        | first here | some key         |
        | also here  | Order 7, Größe M |
      Then the stream holds exactly these new records:
        | data       | partition key    |
        | first here | some key         |
        | also here  | Order 7, Größe M |
      And nothing is stored in the other stream

  @PUTS-3
  Rule: Records of one partition key share a shard and keep their order
    Scenario: Two partition keys alternate
      When the client puts the records:
        | data   | partition key |
        | first  | some key      |
        | second | a             |
        | third  | some key      |
        | fourth | a             |
      Then records of the same partition key are in one shard, with increasing sequence numbers
      And all of them are stored once, each at the place that the answer names

  @PUTS-4
  Rule: From one record to five hundred
    Scenario Outline: A batch of <count>
      When the client puts <count> records of several partition keys
      Then the answer counts no failed record
      And all of them are stored once, each at the place that the answer names

      Examples:
        | count | why                              |
        | 1     | no comma may follow the only one |
        | 2     | one comma                        |
        | 10    | more than a handful              |
        | 500   | as many as Kinesis takes         |

  @PUTS-7
  Rule: Text is stored as it is
    Scenario: Unicode survives and base64 is not decoded
      When the client puts the records:
        | data                 | partition key | why                           |
        | 🚀 שלום é ü           | some key      | letters of several scripts    |
        | c29tZSBkYXRh         | some key      | base64, which is text as well |
        | she said "no" \\ yes | some key      | quotes and a backslash        |
        | two  spaces, 50%25   | some key      | what a tidy mind would change |
      Then the stream holds exactly these new records, in order:
        | data                 | partition key |
        | 🚀 שלום é ü           | some key      |
        | c29tZSBkYXRh         | some key      |
        | she said "no" \\ yes | some key      |
        | two  spaces, 50%25   | some key      |
