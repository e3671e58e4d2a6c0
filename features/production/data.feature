@requires:direct-kinesis
Feature: The data that clients send
  A proxy is a pipe: what comes out of Kinesis has to be what the client sent, whatever the client
  sent, and never what a template made of it.

  @SAFE-6 @with:data
  Rule: What is stored gives back what was sent
    Scenario Outline: Data of <action> survives
      Given a stream that the proxy serves
      When the client puts each of these texts with <action>:
        | text                                     |
        | ελληνικά, עברית, العربية, हिन्दी, 日本語 |
        | 😀 👩‍👩‍👧 é |
        | a "quoted" word |
        | one \\ and two \\\\ backslashes |
        | O'Brien's |
        | line\nbreak, tab\\u0009and \\u0001 control |
        | UPPER and lower |
        | upper AND LOWER |
        | \\u0020blanks around\\u0020 |
        | 100% a+b&c=d;e/f?g#h |
      Then each call succeeds
      And Kinesis holds exactly what the client put
      And each text can be read out of what is stored

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:body-data
    Scenario Outline: <bytes> bytes of data survive <action>
      Given a stream that the proxy serves
      When the client puts a text of <bytes> bytes with <action>
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | action     | bytes |
        | PutRecord  | 65536 |
        | PutRecords | 65536 |

    @with:object-data
    Scenario Outline: An object in the place of data survives <action>, or is refused
      Given a stream that the proxy serves
      When the client puts an object as data with <action>
      Then each object that is accepted can be read out of what is stored

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

  @SAFE-11
  Rule: Template language in a value is data
    @with:data
    Scenario Outline: Data of <action> is not evaluated
      Given a stream that the proxy serves
      When the client puts each of these texts with <action>:
        | text                                                |
        | $input.body ${context.accountId} $util.escape |
        | #set($x = 1)$x #foreach($i in [1..3])$i#end ## no |
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:partition-key
    Scenario Outline: Keys of <action> are not evaluated
      Given a stream that the proxy serves
      When the client puts a record under each of these keys with <action>:
        | key                                           |
        | $input.body ${context.accountId} $util.escape |
        | #set($x = 1)$x #foreach($i in [1])$i#end ##   |
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |
