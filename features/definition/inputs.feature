@requires:control-plane
Feature: What a method says about its input
  The methods declare the inputs that their templates read. Models describe the two payloads; the
  tutorial leaves them optional, and nothing is checked before Kinesis is asked.

  @DEF-10
  Rule: The inputs that templates read are declared
    Scenario: Path, query string and header are declared where they are used
      When an operator reads the deployed API
      Then it declares the inputs:
        | method | resource                             | place        | name           |
        | GET    | /streams/{stream-name}               | path         | stream-name    |
        | POST   | /streams/{stream-name}               | path         | stream-name    |
        | DELETE | /streams/{stream-name}               | path         | stream-name    |
        | PUT    | /streams/{stream-name}/record        | path         | stream-name    |
        | PUT    | /streams/{stream-name}/records       | path         | stream-name    |
        | GET    | /streams/{stream-name}/records       | path         | stream-name    |
        | GET    | /streams/{stream-name}/sharditerator | path         | stream-name    |
        | GET    | /streams/{stream-name}/sharditerator | query string | shard-id       |
        | GET    | /streams/{stream-name}/records       | header       | Shard-Iterator |

  @DEF-10a
  Rule: The gateway leaves all checking to Kinesis
    A validator that no method uses, or that checks nothing, is as good as none.

    Scenario: No method refuses input before Kinesis is asked
      When an operator reads the deployed API
      Then no method enforces anything of its input

  @DEF-11
  Rule: A model, where there is one, describes the tutorial's payload
    A put method without a model has nothing to get wrong. A model that demands a member which the
    tutorial's payload lacks does not accept that payload.

    Scenario: The model for one record takes data and a partition key
      When an operator reads the deployed API
      Then a model of PUT /streams/{stream-name}/record accepts the payload:
        """json
        { "Data": "some data", "PartitionKey": "some key" }
        """
      And it knows each of these fields as a string:
        | field        |
        | Data         |
        | PartitionKey |

    Scenario: The model for many records takes a list of them
      When an operator reads the deployed API
      Then a model of PUT /streams/{stream-name}/records accepts the payload:
        """json
        {
          "records": [
            { "data": "some data", "partition-key": "some key" },
            { "data": "some other data", "partition-key": "some key" }
          ]
        }
        """
      And it knows each of these fields as a string:
        | field                   |
        | records[].data          |
        | records[].partition-key |
