//! The controller: from resources to the routing table and to conditions.
