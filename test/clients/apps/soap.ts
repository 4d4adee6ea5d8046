/** A SOAP 1.1 service: `node soap.ts PORT`. Its faults are HTTP 500, as the protocol requires. */
import { createServer } from 'node:http';
import { listen } from 'soap';

const element = (name: string, child: string, type: string) =>
  `<xs:element name="${name}"><xs:complexType><xs:sequence><xs:element name="${child}" type="xs:${type}"/>
    </xs:sequence></xs:complexType></xs:element>`;

const wsdl = (address: string) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Shop" targetNamespace="urn:shop" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="urn:shop"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <types><xs:schema targetNamespace="urn:shop">
    ${element('Order', 'tea', 'string')}${element('Ordered', 'number', 'int')}
  </xs:schema></types>
  <message name="OrderIn"><part name="parameters" element="tns:Order"/></message>
  <message name="OrderOut"><part name="parameters" element="tns:Ordered"/></message>
  <portType name="ShopPort"><operation name="Order">
    <input message="tns:OrderIn"/><output message="tns:OrderOut"/>
  </operation></portType>
  <binding name="ShopBinding" type="tns:ShopPort">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Order"><soap:operation soapAction="urn:shop#Order"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="Shop"><port name="ShopPort" binding="tns:ShopBinding">
    <soap:address location="${address}"/>
  </port></service>
</definitions>`;

const port = Number(process.argv[2]);
const order = ({ tea }: { readonly tea: string }) => {
  if (tea !== 'coffee') return { number: tea.length };
  throw {
    Fault: {
      statusCode: 500,
      faultcode: 'soap:Client',
      faultstring: 'This is no coffee shop',
      detail: { order: { shelf: 'till-3.internal' } },
    },
  };
};
const server = createServer((_request, response) => response.writeHead(404).end());
server.listen(port, '127.0.0.1');
listen(server, '/shop', { Shop: { ShopPort: { Order: order } } }, wsdl(`http://127.0.0.1:${port}/shop`));
