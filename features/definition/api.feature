@requires:control-plane
Feature: The REST API and its methods
  The tutorial builds one REST API of six resources and eight methods, and nothing beside them.
  Each method calls one Kinesis action by POST, whatever verb its own client uses. What is deployed
  is read back from API Gateway, not from the file it was made from.

  @DEF-1
  Rule: The API is a REST API with the tutorial's name
    Scenario: The API is named KinesisProxy
      When an operator reads the deployed API
      Then the API is named "KinesisProxy"

  @DEF-2
  Rule: The API has six resources
    Scenario: There is a resource for the streams, one stream, and what a stream offers
      When an operator reads the deployed API
      Then its resources are exactly:
        | resource                             |
        | /                                    |
        | /streams                             |
        | /streams/{stream-name}               |
        | /streams/{stream-name}/record        |
        | /streams/{stream-name}/records       |
        | /streams/{stream-name}/sharditerator |

  @DEF-3
  Rule: The API has eight methods
    Scenario: No method is missing and none was added
      When an operator reads the deployed API
      Then its methods are exactly:
        | method | resource                             |
        | GET    | /streams                             |
        | GET    | /streams/{stream-name}               |
        | POST   | /streams/{stream-name}               |
        | DELETE | /streams/{stream-name}               |
        | PUT    | /streams/{stream-name}/record        |
        | PUT    | /streams/{stream-name}/records       |
        | GET    | /streams/{stream-name}/records       |
        | GET    | /streams/{stream-name}/sharditerator |

  @DEF-4
  Rule: Every method calls its Kinesis action by POST, in the API's own region
    Scenario: The verb of a client says nothing about the action behind it
      When an operator reads the deployed API
      Then its methods call Kinesis by POST with the actions:
        | method | resource                             | action           |
        | GET    | /streams                             | ListStreams      |
        | GET    | /streams/{stream-name}               | DescribeStream   |
        | POST   | /streams/{stream-name}               | CreateStream     |
        | DELETE | /streams/{stream-name}               | DeleteStream     |
        | PUT    | /streams/{stream-name}/record        | PutRecord        |
        | PUT    | /streams/{stream-name}/records       | PutRecords       |
        | GET    | /streams/{stream-name}/records       | GetRecords       |
        | GET    | /streams/{stream-name}/sharditerator | GetShardIterator |
