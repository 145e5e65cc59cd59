//! Charts and images for the cluster of a test.

use super::stand::{Stand, says};
use std::fs;

impl Stand {
    /// Gives the image another name in the node; on this machine it would pass for the real one.
    pub fn call_image(&self, name: &str) {
        says("docker", &["tag", self.image(), name], None).unwrap();
        self.kind(&["load", "docker-image", name]);
        says("docker", &["rmi", name], None).unwrap();
    }

    /// Runs Helm; a packed chart is at the path that [`Stand::chart`] gave.
    pub fn helm(&self, arguments: &[&str]) {
        let kubeconfig = self.kubeconfig();
        says("helm", &[&["--kubeconfig", &kubeconfig], arguments].concat(), None).unwrap();
    }

    /// Puts a packed chart where Helm finds it.
    pub fn chart(&self, name: &str, packed: &[u8]) -> String {
        let file = self.folder.path().join(name);
        fs::write(&file, packed).unwrap();
        file.display().to_string()
    }
}
