//! Our own executable as an image, in the Docker of this machine.

use crate::kind::{ONE_AT_A_TIME, quiet, really};
use agw_sandbox::image::{ImageError, SelfImage, ensure_self_image, read_elf};
use agw_sandbox::process::{Docker, DockerEnvironment, connect_docker};
use std::path::PathBuf;
use std::process::Command;

/// The executable of these tests, which is large and dynamic.
pub const EXECUTABLE: &str = env!("CARGO_BIN_EXE_agw-sandbox");

pub async fn docker() -> Docker {
    connect_docker(&DockerEnvironment::from_env()).await.unwrap()
}

/// The words of a `docker` command, and whether it ended well.
pub fn docker_says(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("docker").args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).trim().to_owned())
}

#[tokio::test]
async fn what_is_no_linux_executable_is_refused() {
    let script = SelfImage::of(PathBuf::from("/bin/sh").with_file_name("no-such-file")).await.unwrap_err();
    assert!(matches!(script, ImageError::NotForImages { .. }), "{script}");
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("mach-o", &[0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1][..]), ("torn", &b"\x7fELF\x02\x01\x01"[..])]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refused = SelfImage::of(path).await.unwrap_err();
        assert!(matches!(refused, ImageError::NotForImages { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_torn_executable_is_no_reason_to_panic() {
    let whole = std::fs::read(EXECUTABLE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("torn");
    for length in (0..4096).step_by(61).chain([64 << 10, 1 << 20]) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let _ = read_elf(&path);
    }
    for at in (0..2048).step_by(7) {
        let mut bent = whole[..1 << 16].to_vec();
        bent[at] ^= 0xff;
        std::fs::write(&path, &bent).unwrap();
        let _ = read_elf(&path);
    }
}

#[tokio::test]
async fn our_executable_runs_from_an_image_of_nothing_else() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let docker = docker().await;
    let image = SelfImage::of(PathBuf::from(EXECUTABLE)).await.unwrap();
    assert!(image.is_dynamic());
    docker_says(&["rmi", "-f", &image.reference()]);

    let built = ensure_self_image(&docker, &image, &|said| println!("{said}")).await.unwrap();
    assert!(built.made && built.bytes > 1 << 20, "{built:?}");
    println!("{} has {} MB", built.reference, built.bytes >> 20);
    let again = SelfImage::of(PathBuf::from(EXECUTABLE)).await.unwrap();
    let again = ensure_self_image(&docker, &again, quiet()).await.unwrap();
    assert_eq!((again.made, &again.id), (false, &built.id));

    let (good, said) = docker_says(&["run", "--rm", "--network", "none", "--read-only", &built.reference, "version"]);
    assert!(good && said.contains(env!("CARGO_PKG_VERSION")), "{said}");
    let (_, user) = docker_says(&["inspect", "-f", "{{.Config.User}} {{.Config.Entrypoint}}", &built.reference]);
    assert_eq!(user, "10101:10101 [/agw-sandbox]");
    assert!(docker_says(&["rmi", &built.reference]).0);
}

#[tokio::test]
async fn a_static_executable_is_packed_as_it_is() {
    if !really() {
        return;
    }
    // The one program that is static everywhere.
    let known = ["/sbin/ldconfig.real", "/sbin/ldconfig"].map(PathBuf::from);
    let Some(ldconfig) = known.into_iter().find(|path| read_elf(path).is_ok_and(|elf| elf.is_static())) else {
        return println!("skipped: no static ldconfig");
    };
    let image = SelfImage::of(ldconfig).await.unwrap();
    assert!(!image.is_dynamic());
    let built = ensure_self_image(&docker().await, &image, quiet()).await.unwrap();
    let (good, said) = docker_says(&["run", "--rm", "--network", "none", &built.reference, "--version"]);
    assert!(good && said.contains("ldconfig"), "{said}");
    docker_says(&["rmi", "-f", &built.reference]);
}
